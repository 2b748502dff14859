;; ~/.emacs.d/init.el; settings go after "serve": :initializationOptions (:hover (:explain "auto"))
(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs
               '((python-mode python-ts-mode) "scopewise" "serve")))
