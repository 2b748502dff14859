;;; drive.el --- Uses scopewise as somebody at the keyboard would  -*- lexical-binding: t; -*-
;; What there was to see is written down.
(require 'cl-lib)
(require 'json)
(package-initialize)
(require 'eglot)

(defvar seen nil "What there was to see, a plist.")
(defvar press "" "What to choose from the next menu.")

(defun note (key value)
  (setq seen (plist-put seen key value)))

(defun note-too (key value)
  (note key (vconcat (plist-get seen key) (vector value))))

(defun wait (what condition)
  (with-timeout (15 (error "Waited in vain for %s" what))
    (while (not (funcall condition)) (accept-process-output nil 0.05))))

(defun text ()
  (buffer-substring-no-properties (point-min) (point-max)))

(defun choose (prompt choices &rest _)
  "Every menu and every question with more than one button."
  (let ((titles (all-completions "" choices)))
    (if (string-match-p "Pick an action" prompt)
        (note-too :menus (vconcat titles))
      (note-too :questions (vector (substring-no-properties prompt) (vconcat titles))))
    (cl-find-if (lambda (title) (or (string-prefix-p press title) (equal title "Apply"))) titles)))

(defun agree (prompt)
  (note-too :confirmations prompt)
  t)

(defun hear (format &rest arguments)
  (when format (note-too :messages (apply #'format-message format arguments))))

(defun idle ()
  "Emacs sends changes when it is idle, which it never is in batch mode."
  (eglot--signal-textDocument/didChange))

(defun act (title)
  (idle)
  (setq press title)
  (let ((last-nonmenu-event ?x))
    (call-interactively #'eglot-code-actions)))

(defun hover ()
  "What eldoc shows when the cursor rests."
  (idle)
  (let (shown)
    (run-hook-with-args 'eldoc-documentation-functions
                        (lambda (text &rest _) (when text (setq shown text))))
    (wait "the hover" (lambda () shown))
    (substring-no-properties shown)))

(defun to-name ()
  (goto-char (point-min))
  (search-forward "def "))

(defun drive ()
  (setcdr (last (cdar eglot-server-programs))
          `(:initializationOptions
            (:engine (:kind "scripted" :script ,(getenv "SCOPEWISE_SCRIPT")))))
  (advice-add 'completing-read :override #'choose)
  (advice-add 'y-or-n-p :override #'agree)
  (advice-add 'message :before #'hear)
  (find-file "shapes.py")
  (call-interactively #'eglot)
  (wait "the server" #'eglot-managed-p)
  (note :root (expand-file-name (project-root (project-current))))
  (goto-char (point-max))
  (insert (getenv "SCOPEWISE_TYPED"))
  (undo-boundary)
  (to-name)
  (note :hover (hover))
  (let ((before (text)))
    (act "Fill body")
    (wait "the edit" (lambda () (not (equal (text) before)))))
  (note :filled (text))
  (undo-boundary)
  (undo)
  (note :undone (text))
  (to-name)
  (act "Explain")
  (wait "the explanation"
        (lambda () (cl-some (lambda (message) (string-match-p "Explain" message))
                            (plist-get seen :messages))))
  (note :hover_explained (hover))
  (set-buffer-modified-p nil)
  (eglot-shutdown (eglot-current-server)))

(condition-case problem
    (drive)
  (error (note :error (format "%S" problem))))
(with-temp-file (getenv "SCOPEWISE_REPORT")
  (insert (json-encode seen)))
