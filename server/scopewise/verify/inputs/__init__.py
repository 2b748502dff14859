"""Generated inputs: calls on which independent answers are run side by side.

Inputs outside a function's domain make good answers disagree about nonsense, so everything here
stays near the examples and within what the docstring says.
"""

from scopewise.verify.inputs.generate import generate_calls
from scopewise.verify.inputs.reading import parameters_of, target_of
from scopewise.verify.inputs.target import Constructor, Parameter, Target

__all__ = ["Constructor", "Parameter", "Target", "generate_calls", "parameters_of", "target_of"]
