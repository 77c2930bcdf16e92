/* The packed files of the monitor page, and of its chart library, as read-only data of the program.
 */
    .section .rodata
    .balign 16
    .globl desk_page_files_start
    .hidden desk_page_files_start
desk_page_files_start:
    .incbin "page.pack"
    .globl desk_page_files_end
    .hidden desk_page_files_end
desk_page_files_end:
    .byte 0
    .balign 16
    .globl desk_chart_files_start
    .hidden desk_chart_files_start
desk_chart_files_start:
    .incbin "charts.pack"
    .globl desk_chart_files_end
    .hidden desk_chart_files_end
desk_chart_files_end:
    .byte 0
    .section .note.GNU-stack,"",%progbits
