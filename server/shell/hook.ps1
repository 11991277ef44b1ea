# godrift's hook for PowerShell: says in one line when this shell's Go is not the one that the workspace agreed upon.
$global:__godriftKey = ''
$global:__godriftSaid = ''
$global:__godriftSame = { $false }
function global:__godriftLook {
    if ([Console]::IsErrorRedirected -or $PWD.Provider.Name -ne 'FileSystem') { return }
    $dir = $PWD.ProviderPath
    while (-not ([IO.File]::Exists("$dir/go.mod") -or [IO.File]::Exists("$dir/go.work") -or [IO.File]::Exists("$dir/godrift.toml"))) {
        $dir = [IO.Path]::GetDirectoryName($dir)
        if (-not $dir) { $global:__godriftKey = ''; $global:__godriftSaid = ''; return }
    }
    $key = "$dir|@variables@"
    $stamp = [IO.Path]::Combine(@stamps@, "$PID")
    if ($key -ceq $global:__godriftKey -and (& $global:__godriftSame $stamp)) { return }
    $global:__godriftKey = $key
    if (-not [IO.File]::Exists(@program@)) { return }
    $text = & @program@ hook status powershell $stamp $dir "+$global:__godriftSaid" | Out-String
    if ($text) { Invoke-Expression $text }
}
if (-not $global:__godriftPrompt) {
    $global:__godriftPrompt = $function:prompt
    function global:prompt {
        $code = $global:LASTEXITCODE
        try { __godriftLook } catch { }
        $global:LASTEXITCODE = $code
        & $global:__godriftPrompt
    }
}
