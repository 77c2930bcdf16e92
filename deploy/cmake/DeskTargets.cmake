# The few functions every target of the project is made with: C11, warnings, hidden visibility, sanitizers.

# Applies the project's settings to a target.
function(desk_target target)
    target_compile_features(${target} PRIVATE c_std_11)
    set_target_properties(${target} PROPERTIES
        C_EXTENSIONS OFF
        C_STANDARD 11
        C_VISIBILITY_PRESET hidden
        POSITION_INDEPENDENT_CODE ON)
    target_compile_definitions(${target} PRIVATE _POSIX_C_SOURCE=200809L
        PCRE2_CODE_UNIT_WIDTH=8)
    target_include_directories(${target} PRIVATE
        ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/src)
    target_compile_options(${target} PRIVATE
        $<$<COMPILE_LANGUAGE:C>:-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes
        -Wmissing-prototypes -Wvla -fno-common>)
    if(COPYDESK_WERROR)
        target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:C>:-Werror>)
    endif()
    if(COPYDESK_SANITIZE)
        target_compile_options(${target} PRIVATE
            $<$<COMPILE_LANGUAGE:C>:-fsanitize=${COPYDESK_SANITIZE} -fno-omit-frame-pointer
            -fno-sanitize-recover=all>)
        # clang alone also reports NULL + 0, which an empty slice makes: no operation for every compiler, and defined by
        # C2y (WG14 N3322).
        target_compile_options(${target} PRIVATE
            $<$<AND:$<COMPILE_LANGUAGE:C>,$<C_COMPILER_ID:Clang>>:-fno-sanitize=pointer-overflow>)
        target_link_options(${target} PRIVATE -fsanitize=${COPYDESK_SANITIZE})
    endif()
endfunction()

# desk_module(NAME sources...): one folder below src as an object library, with its own sources listed.
function(desk_module name)
    add_library(desk_${name} OBJECT ${ARGN})
    desk_target(desk_${name})
    target_link_libraries(desk_${name} PRIVATE desk_dependencies)
endfunction()

# desk_test(NAME LABEL sources...): one cmocka program, linked with all core modules, run by ctest.
function(desk_test name label)
    add_executable(test_${name} ${ARGN})
    desk_target(test_${name})
    target_include_directories(test_${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
    target_link_libraries(test_${name} PRIVATE copydesk_static desk_dependencies PkgConfig::CMOCKA)
    target_compile_definitions(test_${name} PRIVATE
        TESTS_FOLDER="${PROJECT_SOURCE_DIR}/tests" SOURCE_FOLDER="${PROJECT_SOURCE_DIR}")
    add_test(NAME ${name} COMMAND test_${name})
    set_tests_properties(${name} PROPERTIES LABELS ${label} TIMEOUT 300)
endfunction()
