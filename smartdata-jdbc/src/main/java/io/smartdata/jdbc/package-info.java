/**
 * Keeps everything in one relational database: SQLite, the embedded default, or PostgreSQL.
 * Statements are written once; a {@code Dialect} holds what the two do differently.
 */
@NullMarked
package io.smartdata.jdbc;

import org.jspecify.annotations.NullMarked;
