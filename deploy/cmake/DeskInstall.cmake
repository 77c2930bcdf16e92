# What `cmake --install` puts where: program, libraries, headers, pkg-config and CMake package files, documentation.
include(CMakePackageConfigHelpers)

set_target_properties(copydesk_shared PROPERTIES EXPORT_NAME copydesk)
set_target_properties(copydesk_stage PROPERTIES EXPORT_NAME stage)
install(TARGETS copydesk_stage EXPORT copydeskTargets)
install(TARGETS copydesk_shared EXPORT copydeskTargets
    RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR}
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
    FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES $<TARGET_FILE:copydesk_static> DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(TARGETS copydesk_program RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(EXPORT copydeskTargets NAMESPACE copydesk:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/copydesk)

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/copydeskConfig.cmake.in
    ${PROJECT_BINARY_DIR}/copydeskConfig.cmake
    INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/copydesk)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/copydeskConfigVersion.cmake
    VERSION ${PROJECT_VERSION} COMPATIBILITY SameMajorVersion)
install(FILES ${PROJECT_BINARY_DIR}/copydeskConfig.cmake ${PROJECT_BINARY_DIR}/copydeskConfigVersion.cmake
    DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/copydesk)
# The prefix is found from where the file lies, so that `cmake --install --prefix` may choose any.
file(RELATIVE_PATH DESK_PC_TO_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(${CMAKE_CURRENT_LIST_DIR}/copydesk.pc.in ${PROJECT_BINARY_DIR}/copydesk.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/copydesk.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
# Where Debian's Python looks for modules of packages, below /usr; another place is another Python's.
set(COPYDESK_PYTHON_DIR lib/python3/dist-packages CACHE STRING "Where the Python binding is installed; empty: nowhere")
if(COPYDESK_PYTHON_DIR)
    install(FILES ${PROJECT_SOURCE_DIR}/bindings/python/copydesk.py DESTINATION ${COPYDESK_PYTHON_DIR})
endif()
install(DIRECTORY ${PROJECT_SOURCE_DIR}/deploy/rulebook DESTINATION ${CMAKE_INSTALL_DATADIR}/copydesk
    FILES_MATCHING PATTERN "*.yaml" PATTERN "*.csv" PATTERN "*.tsv" PATTERN "*.model")
install(FILES ${PROJECT_SOURCE_DIR}/docs/record.schema.json DESTINATION ${CMAKE_INSTALL_DATADIR}/copydesk)
# What docs/plugins.md starts from.
install(DIRECTORY ${PROJECT_SOURCE_DIR}/examples/stage-template DESTINATION ${CMAKE_INSTALL_DATADIR}/copydesk)
install(FILES ${PROJECT_SOURCE_DIR}/examples/stage-python/copydesk_stage.py DESTINATION ${CMAKE_INSTALL_DATADIR}/copydesk)
