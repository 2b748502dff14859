import * as React from "react"; // @react
import { useMemo, useState, type ReactNode as Content } from "react"; // @hooks
import type { Order, Column } from "./orders"; // @types
import { Table } from "./table"; // @table

interface Props<T extends Order> { // @props
//                        ^ -> @types
  rows: T[];
  //    ^ -> @props
  columns?: Column<T>[];
  //        ^ -> @types
  //               ^ -> @props
  render(row: T): Content;
  //          ^ -> @props
  //              ^ -> @hooks
  children: React.ReactNode;
  //        ^ -> @react
  //              ^ -> member
}
type Sorting = { by: keyof Order; down: boolean }; // @sorting
//                         ^ -> @types
const PAGE = 20; // @page
enum Mode { Compact, Wide = Compact + PAGE } // @mode
//          ^ -> here
//                          ^ -> @mode
//                                    ^ -> @page

export function List<T extends Order>({ rows, columns: shown = [], render, ...rest }: Props<T>) { // @list
//                                      ^ -> here
//                                                     ^ -> here
//                                                                 ^ -> here
//                                                                            ^ -> here
//                                                                                    ^ -> @props
//                                                                                          ^ -> @list
  const [sorting, setSorting] = useState<Sorting | null>(null); // @sort-state
  //              ^ -> here
  //                            ^ -> @hooks
  //                                     ^ -> @sorting
  const [page, setPage] = useState(0); // @page-state
  const visible = useMemo(() => { // @visible
    const rows = sorted(PAGE); // @inner-rows
    //                  ^ -> @page
    return rows.slice(page);
    //     ^ -> @inner-rows
    //                ^ -> @page-state

    function sorted(count: number): T[] { // @sorted
    //                              ^ -> @list
      if (!sorting) return rows.slice(0, count);
      //   ^ -> @sort-state
      //                   ^ -> @inner-rows
      //                                 ^ -> @sorted
      const { by: field, down } = sorting; // @parts
      //          ^ -> here
      //                          ^ -> @sort-state
      return [...rows].sort((a, b) => (down ? -1 : 1) * compare(a[field], b[field])); // @compared
      //                               ^ -> @parts
      //                                                        ^ -> @compared
      //                                                          ^ -> @parts
      //                                                                  ^ -> @compared
    }
  }, [rows, sorting]);
  //  ^ -> @list
  //        ^ -> @sort-state

  setPage((page) => page + 1); // @updated
//^ -> @page-state
  //                ^ -> @updated
  if (Mode.Wide > 3) return <Empty text={`${page}`} />;
  //  ^ -> @mode
  //                         ^ -> @empty
  //                                        ^ -> @page-state
  return (
    <Table<T> rows={visible} {...rest}>
  {/*^ -> @table */}
    {/*    ^ -> @list */}
    {/*       ^ -> nothing */}
    {/*             ^ -> @visible */}
    {/*                          ^ -> @list */}
      {visible.map((row, at) => ( // @row
        <tr key={at} onClick={() => setSorting({ by: "id", down })}>
      {/*^ -> member */}
        {/*      ^ -> @row */}
        {/*                         ^ -> @sort-state */}
        {/*                                                ^ -> none */}
          <td className="cell">{render(row)}</td>
          {/*                   ^ -> @list */}
          {/*                          ^ -> @row */}
          {shown.map(({ title, cell: Cell }) => ( // @cell
         //^ -> @list
          //            ^ -> here
          //                         ^ -> here
            <Cell key={title} row={row} />
           //^ -> @cell
            //         ^ -> @cell
            //                     ^ -> @row
          ))}
        </tr>
      ))}
      <React.Fragment>{at}</React.Fragment>
    {/*^ -> @react */}
      {/*    ^ -> member */}
      {/*              ^ -> none */}
      {/*                   ^ -> @react */}
      <></>
    </Table>
  );
}

function compare<V>(left: V, right: V): number { // @compare
//               ^ -> here
//                        ^ -> @compare
//                                  ^ -> @compare
  return left > right ? 1 : -1;
  //     ^ -> @compare
  //            ^ -> @compare
}

const Empty: React.FC<{ text: string }> = ({ text }) => <p>{text}</p>; // @empty
//    ^ -> here
//           ^ -> @react
//                 ^ -> member
//                                           ^ -> here
//                                                       ^ -> member
//                                                          ^ -> @empty

export const identity = <T,>(value: T): T => value; // @identity
//                       ^ -> here
//                                  ^ -> @identity
//                                      ^ -> @identity
//                                           ^ -> @identity

export class Boundary extends React.Component<{ children: Content }, { failed: boolean }> { // @boundary
//                            ^ -> @react
//                                  ^ -> member
//                                                        ^ -> @hooks
  state = { failed: failed };
  //                ^ -> none
  static from = (error: unknown) => ({ failed: Boolean(error) }); // @from
  //             ^ -> here
  //                                                   ^ -> @from

  componentDidCatch(error: Error, { componentStack }: React.ErrorInfo) { // @caught
  //                                ^ -> here
    report(error, componentStack, Boundary.name);
    //     ^ -> @caught
    //            ^ -> @caught
    //                            ^ -> @boundary
    //                                     ^ -> member
  }
  render() {
    return this.state.failed ? <Empty text="sorry" /> : this.props.children;
    //          ^ -> member
    //                          ^ -> @empty
  }
}

function withMode<P extends object>(Inner: React.ComponentType<P>) { // @withMode
//                                                             ^ -> @withMode
  return function Wrapped(props: P) { // @wrapped
  //              ^ -> here
  //                             ^ -> @withMode
    Wrapped.count++;
  //^ -> @wrapped
    return <Inner {...props} mode={Mode.Compact} />;
    //      ^ -> @withMode
    //                ^ -> @wrapped
    //                             ^ -> @mode
    //                                  ^ -> member
  };
}
Wrapped;
// <- -> none
export default withMode(List);
//             ^ -> @withMode
//                      ^ -> @list
declare function report(...details: unknown[]): void; // @report
//                         ^ -> here
