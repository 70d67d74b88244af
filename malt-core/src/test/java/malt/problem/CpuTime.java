package malt.problem;

import java.lang.management.ManagementFactory;

/**
 * Time this thread computed, at its best of several calls: neither other processes nor a JVM that
 * has yet to compile it decide.
 */
public final class CpuTime {
  private static final int CALLS = 7;

  private CpuTime() {}

  public static long millis(Runnable work) {
    long best = Long.MAX_VALUE;
    for (int call = 0; call < CALLS; call++) {
      long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      work.run();
      best = Math.min(best, ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start);
    }
    return best / 1_000_000;
  }
}
