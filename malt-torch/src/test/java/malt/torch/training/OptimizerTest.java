package malt.torch.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import malt.training.OptimizerSettings;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class OptimizerTest {
  private static final double BETA1 = 0.7;
  private static final double BETA2 = 0.95;
  private static final double DECAY = 0.1;
  private static final double RATE = 0.01;

  /** AdamW's two lines (Loshchilov and Hutter 2019, algorithm 2), in float64. */
  @Test
  void steps_are_those_of_adam_w_by_its_formula() {
    double[] gradients = {0.3, -0.02, 0.5, 0.1};
    OptimizerSettings settings = new OptimizerSettings(RATE, BETA1, BETA2, DECAY, 0, 0, 100, 1, 1);
    double expected = 2;
    double first = 0;
    double second = 0;
    try (TensorScope scope = new TensorScope()) {
      Tensor parameter = Tensors.MAIN.ofFloats(new float[] {2}, 1).set_requires_grad(true);
      try (Optimizer optimizer = new Optimizer(List.of(parameter), settings)) {
        for (int step = 1; step <= gradients.length; step++) {
          double gradient = gradients[step - 1];
          parameter.mul(Tensors.scalar(gradient)).sum().backward();
          optimizer.step(RATE / step, "test");
          first = BETA1 * first + (1 - BETA1) * gradient;
          second = BETA2 * second + (1 - BETA2) * gradient * gradient;
          double mean = first / (1 - Math.pow(BETA1, step));
          double deviation = Math.sqrt(second / (1 - Math.pow(BETA2, step)));
          expected -= RATE / step * (DECAY * expected + mean / (deviation + 1e-8));
          assertThat((double) Tensors.floats(parameter)[0]).isCloseTo(expected, within(1e-6));
        }
      }
    }
  }
}
