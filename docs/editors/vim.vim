" ~/.vimrc, Vim 9 with ALE 3.3 or later. ALE applies no edits for a server and answers none of its
" questions: results are shown to be copied, and what would ask is switched off.
packadd! ale
let g:ale_lsp_show_message_severity = 'information'
let g:ale_linters = {'python': ['scopewise']} " and those you use already
let g:scopewise_settings = {'verify': {'run_tests': 'never'}, 'cloud': {'mode': 'never'}}

for s:filetype in ['python', 'javascript', 'typescript', 'go', 'rust', 'java', 'c', 'cpp', 'sh']
  call ale#linter#Define(s:filetype, {
  \ 'name': 'scopewise',
  \ 'lsp': 'stdio',
  \ 'executable': 'scopewise',
  \ 'command': '%e serve',
  \ 'project_root': function('ale#python#FindProjectRoot'),
  \ 'initialization_options': {buffer -> g:scopewise_settings},
  \})
endfor

command! ScopewiseCancel call ale#lsp_linter#SendRequest(bufnr(''), 'scopewise',
  \ [0, 'workspace/executeCommand', {'command': 'scopewise.cancelAll'}])
