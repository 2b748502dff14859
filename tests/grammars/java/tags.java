package shop;

import java.util.List;
//               ^ tag.reference.import
//               ^ name

@Named
 // <- tag.reference.type
public class Basket<T extends Item> extends Base {
//           ^ tag.definition.class
//           ^ name
//                            ^ tag.reference.type
//                                          ^ tag.reference.type
    private int total, size = other.size;
    //          ^ tag.definition.variable
    //                 ^ tag.definition.variable
    //                              ^ tag.reference.name

    Basket(int start) {
    //         ^ !tag.definition
        int local = start;
        //  ^ !tag.definition
        this.total = local;
        //   ^ tag.reference.name
        //           ^ !tag.reference
    }

    @Override
    int sum(List<T> items) {
    //  ^ tag.definition.method
    //      ^ tag.reference.type
        var joined = join(items).trim();
        //  ^ !tag.definition
        //           ^ tag.reference.call
        //                       ^ tag.reference.call
        new Thread() {
            public void run() {}
            //          ^ !tag.definition
        };
        items.forEach(Printer::print);
        //    ^ tag.reference.call
        //            ^ !tag.reference
        //                     ^ tag.reference.call
        return new Sum<T>(new a.b.Part());
        //         ^ tag.reference
        //                        ^ tag.reference
    }
}

interface Priced {
//        ^ tag.definition.type
    int LIMIT = 3;
    //  ^ tag.definition.constant

    int price();
    //  ^ tag.definition.method
}

enum Size {
//   ^ tag.definition.class
    SMALL, LARGE;
//  ^ tag.definition.constant
    //     ^ tag.definition.constant

    final int weight = 1;
    //        ^ tag.definition.variable

    int factor() { return 1; }
    //  ^ tag.definition.method
}

record Point(int x, int y) {
//     ^ tag.definition.class
//               ^ tag.definition.variable
//                      ^ tag.definition.variable
    static int zero;
    //         ^ tag.definition.variable

    int length() { return x; }
    //  ^ tag.definition.method
}

@interface Named {
//         ^ tag.definition.type
    String value() default "";
    //     ^ tag.definition.method
}
