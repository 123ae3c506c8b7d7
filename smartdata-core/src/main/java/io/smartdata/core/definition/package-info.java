/**
 * Documents that people write to define things, in JSON or YAML.
 * Whatever is wrong with one is said with its place, and nothing is read past it.
 */
@NullMarked
package io.smartdata.core.definition;

import org.jspecify.annotations.NullMarked;
