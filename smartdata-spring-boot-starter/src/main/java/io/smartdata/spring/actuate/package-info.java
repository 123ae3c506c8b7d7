/**
 * What Actuator shows of smartdata: the health contributor and the endpoint {@code smartdata}.
 * Neither names an org.
 */
@NullMarked
package io.smartdata.spring.actuate;

import org.jspecify.annotations.NullMarked;
