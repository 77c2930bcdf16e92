/* The packed sample articles of deploy/demo as read-only data of the program. */
    .section .rodata
    .balign 16
    .globl desk_demo_samples_start
    .hidden desk_demo_samples_start
desk_demo_samples_start:
    .incbin "demo.pack"
    .globl desk_demo_samples_end
    .hidden desk_demo_samples_end
desk_demo_samples_end:
    .byte 0
    .section .note.GNU-stack,"",%progbits
