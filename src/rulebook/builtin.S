/* The packed rulebook as read-only data of the library. */
    .section .rodata
    .balign 16
    .globl desk_builtin_rulebook_start
    .hidden desk_builtin_rulebook_start
desk_builtin_rulebook_start:
    .incbin "builtin.pack"
    .globl desk_builtin_rulebook_end
    .hidden desk_builtin_rulebook_end
desk_builtin_rulebook_end:
    .byte 0
    .section .note.GNU-stack,"",%progbits
