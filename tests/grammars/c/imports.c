#include <stdio.h>
// <- import
//       ^ import.module
#include "ring.h"
// <- import
//       ^ import.module
#define CONFIG "config.h"
// <- !import
#include CONFIG
// <- import
//       ^ import.module

#ifdef WITH_TRACE
#include "trace.h"
// <- import
//       ^ import.module
#endif

char *include = "ring.h";
//               ^ !import.module
