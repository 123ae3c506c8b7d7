package io.smartdata.benchmarks;

/**
 * One contender's turn in a round.
 *
 * @param writers threads that write at the same time
 * @param fresh false to write the same events again into the database of the leg before
 */
record Leg(String name, Contender.Opener opener, int writers, boolean fresh) {}
