/**
 * An access policy for hosts with Spring Security: roles from authorities, orgs from a claim.
 * Identity stays the host's; nothing here reads a header or a token.
 */
@NullMarked
package io.smartdata.spring.security;

import org.jspecify.annotations.NullMarked;
