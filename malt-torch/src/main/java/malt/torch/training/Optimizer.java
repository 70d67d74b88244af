package malt.torch.training;

import java.util.List;
import malt.TrainingDivergedException;
import malt.torch.tensor.TensorScope;
import malt.training.OptimizerSettings;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.InputArchive;
import org.bytedeco.pytorch.OutputArchive;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** AdamW (Loshchilov and Hutter 2019) with gradients clipped to a global norm. */
final class Optimizer implements AutoCloseable {
  private final TensorVector parameters;
  private final AdamW adamW;
  private final double maxGradientNorm;

  /**
   * @param parameters leaves that require gradients; the caller keeps owning them
   */
  Optimizer(List<Tensor> parameters, OptimizerSettings settings) {
    maxGradientNorm = settings.maxGradientNorm();
    try (TensorScope scope = new TensorScope()) {
      AdamWOptions options = new AdamWOptions(settings.learningRate());
      options.betas().put(inMemory(options, settings.beta1(), settings.beta2()));
      options.weight_decay().put(settings.weightDecay());
      this.parameters = scope.keep(new TensorVector(parameters.toArray(new Tensor[0])));
      adamW = scope.keep(new AdamW(this.parameters, options));
    }
  }

  /** As a std::tuple holds them: in the order of the C++ library, libstdc++'s the last first. */
  private static double[] inMemory(AdamWOptions options, double beta1, double beta2) {
    boolean lastIsFirst = options.betas().get(0) > options.betas().get(1); // of 0.9 and 0.999
    return lastIsFirst ? new double[] {beta2, beta1} : new double[] {beta1, beta2};
  }

  /**
   * Applies the accumulated gradients and clears them.
   *
   * @param where named in the error
   * @return the gradients' global norm before clipping
   * @throws TrainingDivergedException if that norm is not finite; parameters are then unchanged
   */
  double step(double learningRate, String where) {
    try (TensorScope scope = new TensorScope()) {
      double norm = torch.clip_grad_norm_(parameters, maxGradientNorm);
      if (!Double.isFinite(norm)) {
        throw new TrainingDivergedException(
            "%s: the gradient norm is %s; try a lower learning rate".formatted(where, norm));
      }
      adamW.param_groups().get(0).options().set_lr(learningRate);
      adamW.step();
      adamW.zero_grad();
      return norm;
    }
  }

  /** Writes its moments and counts. */
  void save(OutputArchive archive) {
    adamW.save(archive);
  }

  /** Takes over those of an optimiser of as many parameters. */
  void load(InputArchive archive) {
    adamW.load(archive);
  }

  @Override
  public void close() {
    adamW.close();
    parameters.close();
  }
}
