import { IN_PLACE, useAddress } from "../../../ui/useAddress";
import { type Order, orderOf, orderText, pressed } from "./sorting";

/** The order of a table, kept in the address under the table's name. */
export function useOrder<Column extends string>(
  name: string,
  columns: readonly Column[],
  usual: Order<Column>,
) {
  const [search, change] = useAddress(IN_PLACE);
  const order = orderOf(search.get(name), columns, usual);
  const press = (column: Column, isName: boolean) =>
    change({ [name]: orderText(pressed(order, column, isName)) });
  return { order, press };
}
