/**
 * The auto-configuration in contexts like those of hosts.
 * Each test starts from an empty SQLite file.
 */
@NullMarked
package io.smartdata.spring;

import org.jspecify.annotations.NullMarked;
