"""Pictures of a study; give savefig a name of your own."""

import io

import matplotlib
import tunesmith

matplotlib.use("Agg")

import tunesmith.plot as plot  # noqa: E402

space = tunesmith.Space().add_float("lr", 1e-4, 1e-1, scale="log").add_int("layers", 1, 6)
study = tunesmith.tune(lambda p: abs(p["layers"] - 3) + p["lr"], space, 30, strategy="random", seed=1)

for draw in (plot.history, plot.contour, plot.parallel_coordinates):
    picture = io.BytesIO()
    draw(study).figure.savefig(picture, format="png")
    print(draw.__name__, "is a picture:", picture.getvalue().startswith(b"\x89PNG"))
print("slices of", [axes.get_xlabel() for axes in plot.slices(study)])
