/**
 * The adapters in a host, and the page that explains them.
 * What the page quotes stands in these sources.
 */
@NullMarked
package com.example.host;

import org.jspecify.annotations.NullMarked;
