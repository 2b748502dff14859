" Writes down what Vim and ALE show; what they do with it is left as it is.
set nomore shortmess+=F noswapfile
call extend(g:scopewise_settings, json_decode($SCOPEWISE_OPTIONS))

let g:probe_menu = []
runtime autoload/ale/util.vim
function! ale#util#Input(message, value, ...) abort
  let g:probe_menu = split(a:message, "\n")
  try
    return input(a:message, a:value)
  finally
    let g:probe_menu = []
  endtry
endfunction

function! ProbePreview() abort
  let windows = filter(getwininfo(), {_, window -> getwinvar(window.winid, '&previewwindow')})
  return empty(windows) ? '' : join(getbufline(windows[0].bufnr, 1, '$'), "\n")
endfunction


let g:probe = ch_open('127.0.0.1:' . $SCOPEWISE_VIM_PORT, {'mode': 'json', 'waittime': 5000})
