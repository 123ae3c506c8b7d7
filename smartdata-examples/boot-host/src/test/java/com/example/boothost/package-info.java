/**
 * The smallest application with smartdata.
 * Copy the folder and go on from here.
 */
@NullMarked
package com.example.boothost;

import org.jspecify.annotations.NullMarked;
