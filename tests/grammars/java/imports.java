package shop;

import java.util.List;
// <- import
//     ^ import.module
//               ^ import.name
import java.io.*;
// <- import
//     ^ import.module
//             ^ import.name
import static java.lang.Math.max;
// <- import
//            ^ import.module
//                           ^ import.name
import static java.lang.Math.*;
// <- import
//            ^ import.module
//                           ^ import.name
import Alone;
// <- import
//     ^ import.name

class Shop extends java.util.ArrayList {}
//                 ^ !import.module
