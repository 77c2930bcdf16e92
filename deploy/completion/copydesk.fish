# Completion for fish. Verbs and options come from the program's own help, so that they are always those of the version installed.
function __copydesk_verbs
    copydesk --help 2>/dev/null | string replace -rf '^  ([a-z]+)  *(.*)' '$1\t$2' | string match -v 'copydesk*'
end
function __copydesk_options
    set -l verb (commandline -opc)[2]
    copydesk $verb --help 2>/dev/null | string replace -rf '^ *(?:-[a-z], )?(--[a-z-]+)[A-Z ]*(.*)' '$1\t$2'
end
complete -c copydesk -n 'test (count (commandline -opc)) -eq 1' -f -a '(__copydesk_verbs)'
complete -c copydesk -n 'test (count (commandline -opc)) -gt 1; and string match -q -- "-*" (commandline -ct)' -f -a '(__copydesk_options)'
