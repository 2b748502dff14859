import Card, { Table } from "./cards";
//     ^ tag.reference.import
//             ^ tag.reference.import

interface Props {
//        ^ tag.definition.type
  title: string;
//^ tag.definition.variable
}
export const Row = ({ title }: Props) => <Card title={title}>text</Card>;
//           ^ tag.definition.function
//                    ^ !tag.definition
//                             ^ tag.reference.type
//                                        ^ tag.reference.call
//                                        ^ name
//                                                    ^ tag.reference.name
export class List extends React.Component<Props> {
//           ^ tag.definition.class
//                              ^ tag.reference.type
//                                        ^ tag.reference.type
  render() {
//^ tag.definition.method
    return [<div />, <Icons.Close />, <Table<Row> />];
    //       ^ !tag.reference
    //                      ^ tag.reference.call
    //                                 ^ tag.reference.call
    //                                       ^ tag.reference.type
  }
}
