;; ~/.emacs.d/init.el; settings go behind "serve", as in `:initializationOptions (:hover (:explain "auto"))'
(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs
               '((python-mode python-ts-mode) . ("scopewise" "serve"))))
