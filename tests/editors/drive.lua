-- Uses scopewise as somebody at the keyboard would, and writes down what there was to see.
local seen = { menus = {}, questions = {} }
local press

local function text()
  return table.concat(vim.api.nvim_buf_get_lines(seen.buffer, 0, -1, true), '\n') .. '\n'
end

local function wait(what, condition)
  assert(vim.wait(15000, condition, 20), 'Waited in vain for ' .. what)
end

-- Every menu and every question of Neovim's goes through here.
vim.ui.select = function(items, options, choose)
  local titles = vim.tbl_map(options.format_item, items)
  if options.kind == 'codeaction' then
    table.insert(seen.menus, titles)
  else
    table.insert(seen.questions, { options.prompt, titles })
  end
  for index, title in ipairs(titles) do
    if title:find(press, 1, true) or title == 'Apply' then
      return choose(items[index], index)
    end
  end
  choose(nil)
end

local function act(title)
  press = title
  vim.cmd.normal('gra')
end

local function hover()
  vim.cmd.normal('K')
  local float
  wait('the hover', function()
    float = vim.iter(vim.api.nvim_list_wins()):find(function(window)
      return vim.api.nvim_win_get_config(window).relative ~= ''
    end)
    return float
  end)
  local lines = vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(float), 0, -1, true)
  vim.api.nvim_win_close(float, true)
  return table.concat(lines, '\n')
end

local function page()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    local buffer = vim.api.nvim_win_get_buf(window)
    if buffer ~= seen.buffer then
      return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, true), '\n')
    end
  end
end

local function drive()
  vim.lsp.config('scopewise', {
    init_options = { engine = { kind = 'scripted', script = vim.env.SCOPEWISE_SCRIPT } },
  })
  vim.cmd.edit('shapes.py')
  seen.buffer = vim.api.nvim_get_current_buf()
  local client
  wait('the server', function()
    client = vim.lsp.get_clients({ name = 'scopewise', bufnr = seen.buffer })[1]
    return client and client.attached_buffers[seen.buffer]
  end)
  seen.encoding, seen.root = client.offset_encoding, client.root_dir
  local typed = vim.split(vim.env.SCOPEWISE_TYPED:sub(1, -2), '\n')
  vim.api.nvim_buf_set_lines(seen.buffer, -1, -1, true, typed)
  vim.o.undolevels = vim.o.undolevels -- Ends the step of undo, as the next key would.
  vim.fn.search([[def \zsarea]])
  seen.hover = hover()

  local before = text()
  act('Fill body')
  wait('the edit', function() return text() ~= before end)
  seen.filled = text()
  vim.cmd.normal({ 'u', bang = true })
  seen.undone = text()

  vim.fn.search([[def \zsarea]], 'w')
  act('Explain')
  wait('the page', page)
  seen.page = page()
  seen.hover_explained = hover()
  seen.messages = vim.fn.execute('messages')
end

local ok, problem = xpcall(drive, debug.traceback)
if not ok then
  seen.error = problem
end
vim.fn.writefile({ vim.json.encode(seen) }, vim.env.SCOPEWISE_REPORT)
vim.cmd.qall({ bang = true })
