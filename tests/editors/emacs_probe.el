;;; emacs_probe.el --- Writes down what Emacs shows  -*- lexical-binding: t; -*-
;; What it does with it is left as it is.
(require 'cl-lib)
(require 'json)
(package-initialize)
(require 'eglot)
(require 'server)

(defvar probe-open nil "The question on the screen: its kind, its text and its buttons.")
(defvar probe-messages nil "What was said, the last first.")

(defvar probe-requests nil "The methods of the server's requests, the last first.")

(defvar probe-commands nil "The commands that were begun, the last first.")

(defun probe-ask (ask kind text buttons)
  (setq probe-open (list kind (substring-no-properties text) (vconcat buttons)))
  (unwind-protect (funcall ask)
    (setq probe-open nil)))

(advice-add 'completing-read :around
            (lambda (original prompt choices &rest more)
              (probe-ask (lambda () (apply original prompt choices more))
                         (if (string-match-p "Pick an action" prompt) "menu" "question")
                         prompt
                         (and (listp choices) (all-completions "" choices)))))

(advice-add 'y-or-n-p :around
            (lambda (original prompt)
              (probe-ask (lambda () (funcall original prompt)) "confirm" prompt '("y" "n"))))

(advice-add 'message :before
            (lambda (format &rest arguments)
              (when format
                (push (substring-no-properties (apply #'format-message format arguments))
                      probe-messages))))

(advice-add 'command-execute :before
            (lambda (command &rest _) (push command probe-commands)))

(advice-add 'eglot-handle-request :before
            (lambda (_server method &rest _)
              (push (symbol-name method) probe-requests)))

(setcdr (last (cdar eglot-server-programs))
        (list :initializationOptions
              (json-parse-string (getenv "SCOPEWISE_OPTIONS")
                                 :object-type 'plist :false-object :json-false)))

(setq inhibit-startup-screen t
      make-backup-files nil
      auto-save-default nil
      create-lockfiles nil
      ;; Hints at shorter ways to a command swallow what is typed next.
      suggest-key-bindings nil
      extended-command-suggest-shorter nil
      ;; Typed text stays as it was typed.
      electric-indent-mode nil
      server-name (getenv "SCOPEWISE_EMACS_SOCKET"))

(defun probe-buffer ()
  "The document, not the minibuffer."
  (window-buffer (or (minibuffer-selected-window) (selected-window))))

(defun probe-reply (form)
  "The value of FORM in the document, as JSON in an encoding that survives `emacsclient'."
  (base64-encode-string
   (encode-coding-string
    (json-encode (vector (with-current-buffer (probe-buffer) (eval form t)))) 'utf-8)
   t))

(defun probe-text ()
  (save-restriction
    (widen)
    (let ((text (buffer-substring-no-properties (point-min) (point-max))))
      (if (eq (coding-system-eol-type buffer-file-coding-system) 1)
          (string-replace "\n" "\r\n" text)
        text))))

(defun probe-go-to (text)
  "Put the cursor before the first TEXT; nil when there is none."
  (goto-char (point-min))
  (when (search-forward text nil t)
    (goto-char (match-beginning 0))
    (set-window-point (get-buffer-window) (point))))

(defun probe-hover ()
  (when (buffer-live-p eldoc--doc-buffer)
    (with-current-buffer eldoc--doc-buffer
      (buffer-substring-no-properties (point-min) (point-max)))))

(defun probe-choose (button)
  (with-current-buffer (window-buffer (active-minibuffer-window))
    (delete-minibuffer-contents)
    (insert button)))

(defun probe-requests ()
  (vconcat probe-requests))

(defun probe-forget ()
  "Close all documents unsaved."
  (setq probe-messages nil
        probe-requests nil)
  (dolist (buffer (buffer-list))
    (when (buffer-file-name buffer)
      (with-current-buffer buffer
        (set-buffer-modified-p nil)
        (kill-buffer)))))

(server-start)
