/** The browser module {@code smartdata.js}, run without a browser. */
@NullMarked
package io.smartdata.spring.script;

import org.jspecify.annotations.NullMarked;
