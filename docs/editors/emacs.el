;; ~/.emacs.d/init.el; settings go after "serve": :initializationOptions (:hover (:explain "auto"))
(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs
               '((python-mode python-ts-mode js-mode js-ts-mode typescript-ts-mode tsx-ts-mode
                  go-mode go-ts-mode rust-mode rust-ts-mode java-mode java-ts-mode
                  c-mode c-ts-mode c++-mode c++-ts-mode sh-mode bash-ts-mode)
                 "scopewise" "serve")))

(defun scopewise-cancel ()
  "Stop what scopewise is doing."
  (interactive)
  (eglot-execute-command (eglot-current-server) 'scopewise.cancelAll []))
