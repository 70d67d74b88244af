package malt.torch.nn;

import malt.torch.weights.ModelConfig;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The nonlinearity that gates a feed-forward (Shazeer 2020). */
public enum Activation {
  /** x sigmoid(x): SwiGLU. */
  SILU("swish", ""),
  /** x Phi(x), by the tanh approximation of Hendrycks and Gimpel 2016: GeGLU of Gemma. */
  GELU("gelu", "tanh");

  private final String operation; // as oneDNN's operators name it
  private final String algorithm;

  Activation(String operation, String algorithm) {
    this.operation = operation;
    this.algorithm = algorithm;
  }

  /** That of a model's layers. */
  public static Activation of(ModelConfig config) {
    return config.variant().gemma() == null ? SILU : GELU;
  }

  /** f(x), element by element. */
  public Tensor apply(Tensor x) {
    return this == SILU ? torch.silu(x) : torch.gelu(x, algorithm);
  }

  /** The gradient of x from that of f(x). */
  Tensor backward(Tensor above, Tensor x) {
    return this == SILU ? torch.silu_backward(above, x) : torch.gelu_backward(above, x, algorithm);
  }

  String operation() {
    return operation;
  }

  String algorithm() {
    return algorithm;
  }
}
