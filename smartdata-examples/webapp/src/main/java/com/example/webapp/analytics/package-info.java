/**
 * What this application counts, for which orgs, and real data to try it with.
 * Everything else about smartdata stands in {@code application.properties}.
 */
@NullMarked
package com.example.webapp.analytics;

import org.jspecify.annotations.NullMarked;
