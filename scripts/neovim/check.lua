-- Drives godrift's language server from Neovim: diagnostic, code action, hover,
-- status, and a fix that is more than an edit. run.mjs sets the stage and looks
-- at the files afterwards. Every step that succeeded prints a line with "ok".
--
-- Neovim 0.7 cannot run a script with -l: nvim --headless --clean -S check.lua

local wait = 20000

local function say(text) io.stdout:write('ok ' .. text .. '\n') end

local function check(condition, text)
  if not condition then error(text, 2) end
  return condition
end

local function await(what, condition)
  check(vim.wait(wait, condition, 10), what .. ' did not come within ' .. wait .. ' ms')
end

local function run()
  local file = vim.env.GODRIFT_FILE
  local statuses = {}
  local asked = {}
  vim.cmd('edit ' .. vim.fn.fnameescape(file))
  local root = vim.fn.fnamemodify(file, ':h')
  local id = check(vim.lsp.start_client({
    name = 'godrift',
    cmd = { vim.env.GODRIFT_SERVER, 'lsp' },
    root_dir = root,
    workspace_folders = { { uri = vim.uri_from_fname(root), name = 'ws' } },
    handlers = {
      ['godrift/status'] = function(_, status) statuses[#statuses + 1] = status end,
      ['window/showMessageRequest'] = function(_, params)
        asked[#asked + 1] = params.message
        for _, answer in ipairs(params.actions or {}) do
          if answer.title == 'Apply' then return answer end
        end
        return vim.NIL -- no to everything else, such as undoing it again
      end,
      ['window/showMessage'] = function() end,
    },
  }), 'the server did not start')
  vim.lsp.buf_attach_client(0, id)

  local function find(code)
    for _, d in ipairs(vim.diagnostic.get(0)) do
      if d.user_data.lsp.code == code then return d end
    end
  end
  await('the diagnostic', function() return find('pin-invalid') end)
  local d = find('pin-invalid')
  check(d.source == 'godrift' and d.severity == vim.diagnostic.severity.ERROR, vim.inspect(d))
  check(d.lnum == 4 and d.col == 10 and d.end_col == 16, 'at ' .. d.lnum .. ':' .. d.col)
  say('diagnostic: ' .. d.message)

  await('the status', function() return #statuses > 0 and statuses[#statuses].quiescent end)
  check(statuses[#statuses].health == 'error', vim.inspect(statuses))
  say('status: ' .. statuses[#statuses].message)

  vim.api.nvim_win_set_cursor(0, { d.lnum + 1, d.col })
  local client = vim.lsp.get_client_by_id(id)
  local function request(method, params)
    local answers, err = vim.lsp.buf_request_sync(0, method, params, wait)
    check(answers and answers[id], method .. ': ' .. tostring(err))
    check(not answers[id].error, method .. ': ' .. vim.inspect(answers[id].error))
    return answers[id].result
  end

  local hover = request('textDocument/hover', vim.lsp.util.make_position_params())
  check(hover and hover.contents.value:find('go.mod:toolchain', 1, true), vim.inspect(hover))
  say('hover')

  local params = vim.lsp.util.make_range_params()
  params.context = { diagnostics = vim.lsp.diagnostic.get_line_diagnostics(0) }
  local actions = request('textDocument/codeAction', params)
  local action = check(actions[1], 'no code action')
  check(action.isPreferred and action.kind == 'quickfix', vim.inspect(action))
  if not action.edit then action = request('codeAction/resolve', action) end
  check(action.edit, 'no edit in ' .. vim.inspect(action))
  vim.lsp.util.apply_workspace_edit(action.edit, client.offset_encoding)
  await('the end of the diagnostic', function() return not find('pin-invalid') end)
  vim.cmd('silent write')
  say('code action: ' .. action.title)

  -- A finding in the GOENV file, whose fix is no edit: it is asked about first.
  vim.cmd('edit ' .. vim.fn.fnameescape(vim.env.GODRIFT_GOENV))
  vim.lsp.buf_attach_client(0, id)
  await('the diagnostic of the GOENV file', function() return find('env-leftover') end)
  vim.api.nvim_win_set_cursor(0, { find('env-leftover').lnum + 1, 0 })
  params = vim.lsp.util.make_range_params()
  params.context = { diagnostics = {} }
  local command
  for _, a in ipairs(request('textDocument/codeAction', params)) do
    if type(a.command) == 'table' and a.command.command == 'godrift.applyFix' then command = command or a.command end
  end
  check(command, 'no fix for the GOENV file')
  local done = request('workspace/executeCommand', { command = command.command, arguments = command.arguments })
  check(done.applied, vim.inspect(done))
  check(#asked > 0 and asked[1]:find('GOFLAGS', 1, true), 'asked ' .. vim.inspect(asked))
  vim.cmd('set autoread | checktime') -- the file changed beneath the buffer
  await('the end of the diagnostic of the GOENV file', function() return not find('env-leftover') end)
  say('command: ' .. command.title)

  vim.lsp.stop_client(id)
  await('the end of the server', function() return client.is_stopped() end)
  say('shutdown')
end

local ok, err = xpcall(run, debug.traceback)
if not ok then
  io.stderr:write('FAIL ' .. err .. '\n')
  vim.cmd('cquit 1')
end
vim.cmd('qall!')
