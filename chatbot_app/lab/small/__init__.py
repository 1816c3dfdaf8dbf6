"""Language models that are small enough to be trained on this computer: a GRU, a GPT, an encoder-decoder.

Everything is numpy, differentiated by `autograd`; `operations` has the parts whose backward pass is written out.
"""
