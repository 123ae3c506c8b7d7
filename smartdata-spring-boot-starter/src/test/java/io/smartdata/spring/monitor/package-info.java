/**
 * The Grafana dashboard and the Prometheus alert rules that the starter ships: made from the constants of the code, and held
 * against what a running host tells Prometheus.
 */
@NullMarked
package io.smartdata.spring.monitor;

import org.jspecify.annotations.NullMarked;
