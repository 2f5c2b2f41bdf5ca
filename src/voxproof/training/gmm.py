"""Trains LFCC-GMM: one Gaussian mixture on frames of real clips, one on those of fake clips (EM by scikit-learn).

The run's `best.safetensors` is what `export_detector` makes a graph of. It takes the time that it takes: a recipe's
`minutes` mean nothing here.
"""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from voxproof.detection.front_ends import FrontEnd, front_end
from voxproof.errors import CorpusError, ModelError
from voxproof.networks.gmm import MixtureRatio
from voxproof.training.checkpoint import save_checkpoint
from voxproof.training.detector import log, read_clips
from voxproof.training.detector_data import PackedClips, held_out_pages, pack_clips
from voxproof.training.detector_held_out import held_out_eer, held_out_places, score_held_out
from voxproof.training.detector_networks import find_network
from voxproof.training.recipe import Run, recipe

_LEAST_VARIANCE = 1e-3  # of standardised values: a component must not shrink onto one frame
_TOLERANCE = 1e-3  # nats a frame between two rounds of EM


def fit_mixture(
    frames: NDArray[np.float32], components: int, rounds: int, seed: int = 0
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Weights, means and variances of a mixture with diagonal covariances on frames `(n, values)`, by EM."""
    try:
        from sklearn.mixture import GaussianMixture
    except ImportError:
        raise ModelError("this recipe needs scikit-learn: pip install 'voxproof[train]'") from None
    if len(frames) < 2 * components:
        raise CorpusError(f"{len(frames)} frames are too few for {components} components: name more data")
    mixture = GaussianMixture(
        components,
        covariance_type="diag",
        reg_covar=_LEAST_VARIANCE,
        max_iter=rounds,
        tol=_TOLERANCE,
        init_params="k-means++",
        random_state=seed,
    ).fit(frames.astype(np.float64))
    return tuple(torch.from_numpy(part) for part in (mixture.weights_, mixture.means_, mixture.covariances_))


def draw_frames(
    pack: PackedClips, places: Sequence[int], end: FrontEnd, most: int, seed: int = 0
) -> NDArray[np.float32]:
    """At most `most` frames `(n, values)`, as many of each clip."""
    rng = np.random.default_rng(seed)
    each = max(1, most // len(places))
    drawn = []
    for place in places:
        frames = end(pack[place]).T
        drawn.append(frames[rng.permutation(len(frames))[:each]])
    return np.concatenate(drawn)


@recipe("gmm")
def train_gmm(run: Run) -> None:
    """Config keys: network (gmm), components, rounds, frames (of each class), speech, cache, held_out, judged_on."""
    config = run.config
    torch.set_num_threads(run.threads)
    kind = find_network(config)
    module = kind.build(config)
    if not isinstance(module, MixtureRatio):
        raise CorpusError("the recipe gmm trains the network gmm")
    end = front_end(str(config.get("front_end", kind.front_end)))
    pack = pack_clips(read_clips(config), config["cache"])
    held_out = held_out_pages(pack.clips, float(config["held_out"]), int(config.get("held_out_seed", 0)))
    judging = held_out_places(pack, held_out)
    if not judging:
        raise CorpusError("no page is held out: raise held_out, or name more data")
    classes = []
    for fake in (False, True):
        places = [i for i, clip in enumerate(pack.clips) if clip.fake == fake and clip.page not in held_out]
        if not places:
            raise CorpusError(f"there is no {'fake' if fake else 'real'} clip to learn from")
        classes.append(draw_frames(pack, places, end, int(config["frames"])))
    both = np.concatenate(classes)
    centre, spread = both.mean(0), both.std(0) + 1e-6
    module.centre.copy_(torch.from_numpy(centre))
    module.spread.copy_(torch.from_numpy(spread))
    for place, frames in enumerate(classes):
        mixture = fit_mixture((frames - centre) / spread, int(config["components"]), int(config["rounds"]))
        module.set_mixture(place, *mixture)
        log(run, {"class": ("real", "fake")[place], "frames": len(frames)})
    figures = held_out_eer(pack, judging, score_held_out(module, pack, judging, end, kind.window))
    log(run, {"clips": len(pack), "judging": len(judging), **figures})
    save_checkpoint(run.folder / "best.safetensors", module, None, step=int(config["rounds"]), **figures)
