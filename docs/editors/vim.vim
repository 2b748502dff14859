" ~/.vimrc, Vim 9 with ALE 3.3 or later; settings go into `initialization_options`.
" ALE takes no edits from a server and answers none of its questions, so results are shown to be
" copied, nothing of the project is run, and the cloud stays out of it.
packadd! ale
let g:ale_lsp_show_message_severity = 'information'
function! ScopewiseLinter() abort
  return {
  \ 'name': 'scopewise',
  \ 'lsp': 'stdio',
  \ 'executable': 'scopewise',
  \ 'command': '%e serve',
  \ 'project_root': {buffer -> fnamemodify(
  \   ale#path#FindNearestDirectory(buffer, '.git') ?? expand('#' . buffer . ':p'), ':h:h')},
  \ 'initialization_options': {
  \   'verify': {'run_tests': 'never'}, 'cloud': {'mode': 'never'},
  \ },
  \}
endfunction
