-- Writes down what Neovim shows; what it does with it is left as it is.
local probe = { progress = {}, edits = 0 }
_G.probe = probe

vim.lsp.config('scopewise', { init_options = vim.json.decode(vim.env.SCOPEWISE_OPTIONS) })
if vim.env.SCOPEWISE_CAPABILITIES then
  local announced = vim.lsp.protocol.make_client_capabilities()
  local others = vim.json.decode(vim.env.SCOPEWISE_CAPABILITIES)
  vim.lsp.config('scopewise', { capabilities = vim.tbl_deep_extend('force', announced, others) })
end

local select = vim.ui.select
vim.ui.select = function(items, options, choose)
  local buttons = vim.tbl_map(options.format_item or tostring, items)
  probe.open = { kind = options.kind, text = options.prompt, buttons = buttons }
  select(items, options, function(...)
    probe.open = nil
    choose(...)
  end)
end

vim.api.nvim_create_autocmd('LspProgress', {
  callback = function(event) table.insert(probe.progress, event.data.params.value) end,
})

local apply = vim.lsp.handlers['workspace/applyEdit']
vim.lsp.handlers['workspace/applyEdit'] = function(...)
  probe.edits = probe.edits + 1
  return apply(...)
end

function probe.client()
  return vim.lsp.get_clients({ name = 'scopewise', bufnr = 0 })[1]
end

function probe.text()
  local separator = vim.bo.fileformat == 'dos' and '\r\n' or '\n'
  return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, true), separator) .. separator
end

local function lines_of(window)
  local buffer = vim.api.nvim_win_get_buf(window)
  return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, true), '\n')
end

function probe.hover()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= '' then
      local shown = lines_of(window)
      vim.api.nvim_win_close(window, true)
      return shown
    end
  end
  return ''
end

function probe.page()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    local buffer = vim.api.nvim_win_get_buf(window)
    if window ~= vim.api.nvim_get_current_win() and vim.bo[buffer].filetype == 'markdown' then
      return lines_of(window)
    end
  end
  return ''
end

-- Nothing of the last test on the screen.
function probe.clear()
  vim.cmd('silent! only | silent! %bwipeout! | messages clear')
  probe.progress = {}
  probe.edits = 0
end
