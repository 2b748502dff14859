/** A card, and what it holds. */
export function Card<T>({ title }: Props<T>): JSX.Element {
//              ^ definition.function
//              ^ name
//                     ^ parameters
//                                            ^ result
//                                                        ^ body
  return <section>{title}</section>;
}

export const Row: React.FC<RowProps> = ({ label }) => <li>{label}</li>;
//           ^ definition.function
//                                     ^ parameters
//                                                    ^ body

const useOrders = <T,>(rows: T[]): T[] => {
//    ^ definition.function
//                                 ^ result
  throw new Error("not implemented");
//^ stub
};

export class Boundary extends React.Component<Props> {
//           ^ definition.class
  handler = (event: React.MouseEvent): void => {};
//^ definition.function
  //                                   ^ result

  render() {
//^ definition.function
    return <button onClick={() => this.handler()} />;
  //^ !stub
    //                      ^ !definition.function
  }
}

interface Props<T> {
//        ^ definition.class
  title: T;
}
