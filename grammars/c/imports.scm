; Headers a file includes; which names they bind cannot be seen from here.

(preproc_include path: (_) @import.module) @import
