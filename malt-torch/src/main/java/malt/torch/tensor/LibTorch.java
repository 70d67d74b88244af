package malt.torch.tensor;

import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;

/** Loads LibTorch once, and holds its threads to the number wanted. */
public final class LibTorch {
  private LibTorch() {}

  static {
    // Reading /proc for every allocation triples the cost of a small operation.
    if (System.getProperty("org.bytedeco.javacpp.maxphysicalbytes") == null) {
      System.setProperty("org.bytedeco.javacpp.maxphysicalbytes", "0");
    }
    Loader.load(torch.class);
  }

  /** Makes sure the native libraries are there. */
  public static void load() {}

  /**
   * Threads within one operation. Parallel work over batches wants 1 here and as many Java threads
   * as cores: a threaded GEMM collapses when another process holds a core. OpenBLAS always has one:
   * attention calls it from LibTorch's own threads, and a pool within each of them is slower than
   * none; large products go to oneDNN, which uses LibTorch's.
   */
  public static void setThreads(int threads) {
    torch.set_num_threads(threads);
    try (PointerScope scope = new PointerScope()) { // the call makes a function pointer
      openblas_nolapack.blas_set_num_threads(1);
    }
  }
}
