/**
 * What an operation may cost, told before it is sent: the sum that the server does (schema/pricing.py
 * and schema/price.py), over the same directives. Where nothing tells how long a list is, as many
 * objects are counted as it may hold.
 */

import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getOperationAST,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
  type ValueNode,
  valueFromASTUntyped,
} from "graphql";
import { feeOf } from "./fees";

const LEAST = 1;
const LONGEST_PAGE = 100;
const UNTOLD_LIST = 10;

type Variables = Record<string, unknown>;

interface Charge {
  /** What it costs to ask, with the lists that are sent along. */
  asked: number;
  object: number;
  items: number;
  within: Map<string, Charge>;
}

/** Undefined for what is no operation of this schema. */
export function mostOf(
  schema: GraphQLSchema,
  text: string,
  variables: Variables,
  name: string | undefined,
): number | undefined {
  try {
    const document = parse(text, { noLocation: true });
    const operation = getOperationAST(document, name) ?? getOperationAST(document);
    const root = operation && schema.getRootType(operation.operation);
    if (!operation || !root) return undefined;
    const fragments = new Map(
      document.definitions
        .filter((each) => each.kind === Kind.FRAGMENT_DEFINITION)
        .map((each) => [each.name.value, each]),
    );
    const within = new Map<string, Charge>();
    new Sum(schema, fragments, withDefaults(operation, variables)).add(
      root,
      operation.selectionSet,
      within,
      new Map(),
    );
    return Math.max(LEAST, total(within));
  } catch {
    return undefined;
  }
}

function withDefaults(operation: OperationDefinitionNode, variables: Variables): Variables {
  const defaults = (operation.variableDefinitions ?? []).flatMap(({ variable, defaultValue }) =>
    defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)]] : [],
  );
  return { ...Object.fromEntries(defaults), ...variables };
}

function total(within: Map<string, Charge>): number {
  let points = 0;
  for (const charge of within.values()) {
    points += charge.asked + (charge.object + total(charge.within)) * charge.items;
  }
  return points;
}

class Sum {
  /** Fragments that are being read: one that spreads itself is not valid. */
  private readonly open = new Set<string>();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly fragments: Map<string, FragmentDefinitionNode>,
    private readonly variables: Variables,
  ) {}

  /** `sized` are the fields of `type` of which the field above tells how long they are. */
  add(
    type: GraphQLNamedType,
    selections: SelectionSetNode,
    to: Map<string, Charge>,
    sized: ReadonlyMap<string, number>,
  ): void {
    for (const node of selections.selections) {
      if (node.kind === Kind.FIELD) this.field(type, node, to, sized);
      else if (node.kind === Kind.INLINE_FRAGMENT) {
        const condition = node.typeCondition?.name.value;
        this.add(condition ? this.typeOf(condition) : type, node.selectionSet, to, sized);
      } else this.spread(node.name.value, to, sized);
    }
  }

  private spread(name: string, to: Map<string, Charge>, sized: ReadonlyMap<string, number>): void {
    const fragment = this.fragments.get(name);
    if (!fragment || this.open.has(name)) throw new Error(`${name} cannot be spread`);
    this.open.add(name);
    this.add(this.typeOf(fragment.typeCondition.name.value), fragment.selectionSet, to, sized);
    this.open.delete(name);
  }

  private field(
    type: GraphQLNamedType,
    node: FieldNode,
    to: Map<string, Charge>,
    sized: ReadonlyMap<string, number>,
  ): void {
    const name = node.name.value;
    if (name.startsWith("__")) return;
    const definition =
      isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
    if (!definition) throw new Error(`${type.name} has no ${name}`);
    const fee = feeOf(type, definition);
    const given = (path: readonly string[], unknown: number): number => {
      const argument = definition.args.find((each) => each.name === path[0]);
      const byDefault = argument?.astNode?.defaultValue;
      const usual = byDefault ? count(valueFromASTUntyped(byDefault), unknown) : unknown;
      const value = node.arguments?.find((each) => each.name.value === path[0])?.value;
      return value ? count(this.valueAt(value, path.slice(1)), usual) : usual;
    };
    const length = fee.sizedBy && given(fee.sizedBy, LONGEST_PAGE);
    const ownLength = fee.sizedFields.length === 0 ? length : undefined;
    const key = `${node.alias?.value ?? name} ${type.name}.${name}`;
    const charge = to.get(key) ?? {
      // a value that is no list is taken for a list of one
      asked: fee.inputs.reduce((sum, each) => sum + given(each.path, 1) * each.weight, fee.call),
      object: sized.has(name) ? Math.max(1, fee.object) : fee.object,
      items: sized.get(name) ?? ownLength ?? (fee.isList ? UNTOLD_LIST : 1),
      within: new Map(),
    };
    to.set(key, charge);
    if (node.selectionSet) {
      const inner = new Map(fee.sizedFields.map((each) => [each, length ?? 0]));
      this.add(getNamedType(definition.type), node.selectionSet, charge.within, inner);
    }
  }

  private valueAt(node: ValueNode, path: readonly string[]): unknown {
    const value = valueFromASTUntyped(node, this.variables);
    return path.reduce<unknown>((inner, step) => (inner as Variables | null)?.[step], value);
  }

  private typeOf(name: string): GraphQLNamedType {
    const type = this.schema.getType(name);
    if (!type) throw new Error(`there is no type ${name}`);
    return type;
  }
}

/** As many as a list holds, or a number says. */
function count(value: unknown, unknown: number): number {
  if (Array.isArray(value)) return value.length;
  return Number.isInteger(value) ? Math.min(Math.max(Number(value), 0), LONGEST_PAGE) : unknown;
}
