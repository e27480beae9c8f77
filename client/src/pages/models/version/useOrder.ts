import { useSearchParams } from "react-router";
import { type Order, orderOf, orderText, pressed } from "./sorting";

/** The order of a table, kept in the address under the table's name. */
export function useOrder<Column extends string>(
  name: string,
  columns: readonly Column[],
  usual: Order<Column>,
) {
  const [search, setSearch] = useSearchParams();
  const order = orderOf(search.get(name), columns, usual);
  function press(column: Column, isName: boolean) {
    setSearch(
      (before) => {
        before.set(name, orderText(pressed(order, column, isName)));
        return before;
      },
      { replace: true, preventScrollReset: true },
    );
  }
  return { order, press };
}
