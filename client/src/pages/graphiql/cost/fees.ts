/** What a field costs, by the directives @cost and @listSize that the schema's file shows. */

import {
  type ConstDirectiveNode,
  type GraphQLField,
  type GraphQLNamedType,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isObjectType,
  isUnionType,
  valueFromASTUntyped,
} from "graphql";

export interface Fee {
  /** Each time that it is asked. */
  call: number;
  /** Lists among its arguments, and what each item of them costs. */
  inputs: readonly { path: readonly string[]; weight: number }[];
  /** Each object that it returns. */
  object: number;
  isList: boolean;
  /** The argument that says how long the list is, or the lists in `sizedFields`. */
  sizedBy: readonly string[] | undefined;
  sizedFields: readonly string[];
}

type Field = GraphQLField<unknown, unknown>;

export function feeOf(parent: GraphQLNamedType, field: Field): Fee {
  const directives = field.astNode?.directives;
  const size = argumentsOf(directives, "listSize");
  const returned = getNamedType(field.type);
  const isEdge = parent.name.endsWith("Edge"); // the item of the page is paid for
  return {
    call: weightOf(directives),
    inputs: pricedInputs(field),
    object: Number(hasId(returned) && !isEdge),
    isList: isListType(getNullableType(field.type)),
    sizedBy: texts(size?.["slicingArguments"])[0]?.split("."),
    sizedFields: texts(size?.["sizedFields"]),
  };
}

function pricedInputs(field: Field): Fee["inputs"] {
  return field.args.flatMap((argument) => {
    const type = getNamedType(argument.type);
    if (!isInputObjectType(type)) return [];
    return Object.values(type.getFields()).flatMap(({ name, astNode }) => {
      const weight = weightOf(astNode?.directives);
      return weight ? [{ path: [argument.name, name], weight }] : [];
    });
  });
}

function hasId(type: GraphQLNamedType): boolean {
  if (isUnionType(type)) return type.getTypes().some(hasId);
  return (isObjectType(type) || isInterfaceType(type)) && "id" in type.getFields();
}

function weightOf(directives: readonly ConstDirectiveNode[] | undefined): number {
  return Number(argumentsOf(directives, "cost")?.["weight"] ?? 0);
}

function argumentsOf(
  directives: readonly ConstDirectiveNode[] | undefined,
  name: string,
): Record<string, unknown> | undefined {
  const found = directives?.find((each) => each.name.value === name);
  return (
    found &&
    Object.fromEntries(
      (found.arguments ?? []).map((each) => [each.name.value, valueFromASTUntyped(each.value)]),
    )
  );
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
