# Libraries from the distribution, all found by pkg-config where they have a file for it; docs/dependencies.md says why each is there.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
pkg_check_modules(RDKAFKA REQUIRED IMPORTED_TARGET rdkafka>=2.0.2)
pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET jansson>=2.13)
pkg_check_modules(PCRE2 REQUIRED IMPORTED_TARGET libpcre2-8>=10.40)
pkg_check_modules(FYAML REQUIRED IMPORTED_TARGET libfyaml>=0.7.12)
pkg_check_modules(MICROHTTPD REQUIRED IMPORTED_TARGET libmicrohttpd>=0.9.71)
pkg_check_modules(CURL REQUIRED IMPORTED_TARGET libcurl>=7.85)
pkg_check_modules(PSL REQUIRED IMPORTED_TARGET libpsl>=0.21)
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash>=0.8)
pkg_check_modules(UTF8PROC REQUIRED IMPORTED_TARGET libutf8proc>=2.5)
pkg_check_modules(UCHARDET REQUIRED IMPORTED_TARGET uchardet>=0.0.7)
pkg_check_modules(ZLIB REQUIRED IMPORTED_TARGET zlib>=1.2.11)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd>=1.5)
# liblinear ships no .pc file.
find_library(LINEAR_LIBRARY linear REQUIRED)
find_path(LINEAR_INCLUDE_DIR linear.h REQUIRED)
if(COPYDESK_TESTS)
    pkg_check_modules(CMOCKA REQUIRED IMPORTED_TARGET cmocka>=1.1.5)
endif()

# What the library needs; the program adds librdkafka, libmicrohttpd, libcurl, zlib and libzstd.
add_library(desk_dependencies INTERFACE)
target_link_libraries(desk_dependencies INTERFACE PkgConfig::JANSSON PkgConfig::PCRE2
    PkgConfig::FYAML PkgConfig::PSL PkgConfig::XXHASH PkgConfig::UTF8PROC PkgConfig::UCHARDET
    Threads::Threads ${CMAKE_DL_LIBS} m)
add_library(desk_program_dependencies INTERFACE)
target_link_libraries(desk_program_dependencies INTERFACE desk_dependencies PkgConfig::RDKAFKA
    PkgConfig::MICROHTTPD PkgConfig::CURL PkgConfig::ZLIB PkgConfig::ZSTD ${LINEAR_LIBRARY})
target_include_directories(desk_program_dependencies INTERFACE ${LINEAR_INCLUDE_DIR})
