-- ~/.config/nvim/init.lua, Neovim 0.11 or later; settings go into `init_options = { ... }`
vim.lsp.config('scopewise', {
  cmd = { 'scopewise', 'serve' },
  filetypes = {
    'python', 'javascript', 'javascriptreact', 'typescript', 'typescriptreact',
    'go', 'rust', 'java', 'c', 'cpp', 'sh', 'text',
  },
  root_markers = { 'pyproject.toml', '.git' },
})
vim.lsp.enable('scopewise')

vim.api.nvim_create_user_command('ScopewiseCancel', function()
  for _, client in ipairs(vim.lsp.get_clients({ name = 'scopewise' })) do
    client:exec_cmd({ title = 'Cancel', command = 'scopewise.cancelAll' })
  end
end, {})
