# What belongs to the system beside program and libraries: manual pages, completion, the service, and the Debian package of it all.
# `cpack` in a build folder makes the package; deploy/docker/Dockerfile installs it.
set(man_folder ${PROJECT_BINARY_DIR}/man)
add_custom_command(OUTPUT ${man_folder}/copydesk.1
    COMMAND ${PROJECT_SOURCE_DIR}/deploy/man/generate $<TARGET_FILE:copydesk_program> ${PROJECT_VERSION} ${man_folder}
    DEPENDS copydesk_program ${PROJECT_SOURCE_DIR}/deploy/man/generate
    COMMENT "Writing manual pages" VERBATIM)
set(starter ${PROJECT_BINARY_DIR}/copydesk.yaml)
add_custom_command(OUTPUT ${starter}
    COMMAND ${CMAKE_COMMAND} -E rm -f ${starter}
    COMMAND copydesk_program init ${starter}
    DEPENDS copydesk_program
    COMMENT "Writing the starter configuration" VERBATIM)
add_custom_target(system_files ALL DEPENDS ${man_folder}/copydesk.1 ${starter})

install(DIRECTORY ${man_folder}/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 FILES_MATCHING PATTERN "*.1")
install(DIRECTORY ${man_folder}/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man5 FILES_MATCHING PATTERN "*.5")
install(FILES ${PROJECT_SOURCE_DIR}/deploy/completion/copydesk.bash
    DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME copydesk)
install(FILES ${PROJECT_SOURCE_DIR}/deploy/completion/_copydesk DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES ${PROJECT_SOURCE_DIR}/deploy/completion/copydesk.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
install(FILES ${PROJECT_SOURCE_DIR}/docs/config.schema.json DESTINATION ${CMAKE_INSTALL_DATADIR}/copydesk)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN "*.md" PATTERN "*.svg")
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright)
install(FILES ${PROJECT_SOURCE_DIR}/deploy/systemd/copydesk.service DESTINATION lib/systemd/system)
install(FILES ${PROJECT_SOURCE_DIR}/deploy/sysusers/copydesk.conf DESTINATION lib/sysusers.d)
# Of the package only: an installation by hand leaves /etc alone.
install(FILES ${starter} DESTINATION /etc/copydesk COMPONENT configuration EXCLUDE_FROM_ALL)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME copydesk)
set(CPACK_PACKAGE_CONTACT "Seed b5562df5 maintainers <maintainers@users.noreply.r-seed-b5562df5.example>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
set(CPACK_COMPONENTS_ALL Unspecified configuration)
set(CPACK_DEBIAN_FILE_NAME copydesk.deb)
set(CPACK_DEBIAN_PACKAGE_NAME copydesk)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS ca-certificates)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS python3)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${PROJECT_SOURCE_DIR}/deploy/debian/postinst ${PROJECT_SOURCE_DIR}/deploy/debian/prerm
    ${PROJECT_SOURCE_DIR}/deploy/debian/postrm ${PROJECT_SOURCE_DIR}/deploy/debian/conffiles)
include(CPack)
