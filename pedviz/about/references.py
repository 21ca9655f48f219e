"""The works that the product stands on, as data; the line on the page and the BibTeX come from one record."""

from dataclasses import dataclass
from typing import Literal

_CVPR = "IEEE Conference on Computer Vision and Pattern Recognition (CVPR)"
_ICCV = "IEEE International Conference on Computer Vision (ICCV)"
_ECCV = "European Conference on Computer Vision (ECCV)"
_NIPS = "Advances in Neural Information Processing Systems (NIPS)"
_ACCENTS = str.maketrans({"á": r"{\'a}", "é": r"{\'e}"})


@dataclass(frozen=True, kw_only=True)
class Reference:
    """One work.

    Attributes:
        key: of the BibTeX entry.
        kind: of the BibTeX entry.
        authors: "First Last" each.
        title: in full.
        venue: conference, journal or publisher.
        year: of publication.
        used_for: what the product takes from it.
        address: where to read it, "" for a book.
    """

    key: str
    kind: Literal["inproceedings", "article", "book"]
    authors: tuple[str, ...]
    title: str
    venue: str
    year: int
    used_for: str
    address: str = ""

    @property
    def bibtex(self) -> str:
        """The entry to copy, in plain ASCII."""
        venue_field = {"inproceedings": "booktitle", "article": "journal", "book": "publisher"}[self.kind]
        fields = {
            "author": " and ".join(self.authors).translate(_ACCENTS),
            "title": f"{{{self.title}}}",
            venue_field: self.venue,
            "year": str(self.year),
        } | ({"url": self.address} if self.address else {})
        lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
        return f"@{self.kind}{{{self.key},\n{lines}\n}}"


REFERENCES: tuple[Reference, ...] = (
    Reference(
        key="wang2007pennfudan", kind="inproceedings", year=2007,
        venue="Asian Conference on Computer Vision (ACCV)",
        authors=("Liming Wang", "Jianbo Shi", "Gang Song", "I-fan Shen"),
        title="Object Detection Combining Recognition and Segmentation",
        address="https://www.cis.upenn.edu/~jshi/ped_html/",
        used_for="The Penn-Fudan images: fine-tuning, testing and ground truth.",
    ),
    Reference(
        key="lin2014coco", kind="inproceedings", year=2014, venue=_ECCV,
        authors=(
            "Tsung-Yi Lin", "Michael Maire", "Serge Belongie", "James Hays", "Pietro Perona", "Deva Ramanan",
            "Piotr Dollár", "C. Lawrence Zitnick",
        ),
        title="Microsoft COCO: Common Objects in Context", address="https://arxiv.org/abs/1405.0312",
        used_for="The twelve numbers of every table, the export format and the zero-shot detector's classes.",
    ),
    Reference(
        key="deng2009imagenet", kind="inproceedings", year=2009,
        venue=_CVPR,
        authors=("Jia Deng", "Wei Dong", "Richard Socher", "Li-Jia Li", "Kai Li", "Li Fei-Fei"),
        title="ImageNet: A Large-Scale Hierarchical Image Database",
        address="https://doi.org/10.1109/CVPR.2009.5206848", used_for="The backbones' first training.",
    ),
    Reference(
        key="he2017maskrcnn", kind="inproceedings", year=2017,
        venue=_ICCV,
        authors=("Kaiming He", "Georgia Gkioxari", "Piotr Dollár", "Ross Girshick"),
        title="Mask R-CNN", address="https://arxiv.org/abs/1703.06870",
        used_for="The detectors with masks, and RoIAlign.",
    ),
    Reference(
        key="ren2015fasterrcnn", kind="inproceedings", year=2015,
        venue=_NIPS,
        authors=("Shaoqing Ren", "Kaiming He", "Ross Girshick", "Jian Sun"),
        title="Faster R-CNN: Towards Real-Time Object Detection with Region Proposal Networks",
        address="https://arxiv.org/abs/1506.01497",
        used_for="The detectors' first stage: anchors and proposals.",
    ),
    Reference(
        key="girshick2015fastrcnn", kind="inproceedings", year=2015,
        venue=_ICCV, authors=("Ross Girshick",),
        title="Fast R-CNN", address="https://arxiv.org/abs/1504.08083",
        used_for="RoIPool, and the losses of the heads.",
    ),
    Reference(
        key="lin2017fpn", kind="inproceedings", year=2017,
        venue=_CVPR,
        authors=(
            "Tsung-Yi Lin", "Piotr Dollár", "Ross Girshick", "Kaiming He", "Bharath Hariharan",
            "Serge Belongie",
        ),
        title="Feature Pyramid Networks for Object Detection", address="https://arxiv.org/abs/1612.03144",
        used_for="The variants with a feature pyramid.",
    ),
    Reference(
        key="he2016resnet", kind="inproceedings", year=2016,
        venue=_CVPR,
        authors=("Kaiming He", "Xiangyu Zhang", "Shaoqing Ren", "Jian Sun"),
        title="Deep Residual Learning for Image Recognition", address="https://arxiv.org/abs/1512.03385",
        used_for="The large backbone.",
    ),
    Reference(
        key="sandler2018mobilenetv2", kind="inproceedings", year=2018,
        venue=_CVPR,
        authors=("Mark Sandler", "Andrew Howard", "Menglong Zhu", "Andrey Zhmoginov", "Liang-Chieh Chen"),
        title="MobileNetV2: Inverted Residuals and Linear Bottlenecks",
        address="https://arxiv.org/abs/1801.04381", used_for="The small backbone.",
    ),
    Reference(
        key="stock2020bits", kind="inproceedings", year=2020,
        venue="International Conference on Learning Representations (ICLR)",
        authors=("Pierre Stock", "Armand Joulin", "Rémi Gribonval", "Benjamin Graham", "Hervé Jégou"),
        title="And the Bit Goes Down: Revisiting the Quantization of Neural Networks",
        address="https://arxiv.org/abs/1907.05686", used_for="The ImageNet start of the ResNet backbones.",
    ),
    Reference(
        key="everingham2010voc", kind="article", year=2010, venue="International Journal of Computer Vision",
        authors=(
            "Mark Everingham", "Luc Van Gool", "Christopher K. I. Williams", "John Winn", "Andrew Zisserman",
        ),
        title="The PASCAL Visual Object Classes (VOC) Challenge",
        address="https://doi.org/10.1007/s11263-009-0275-4",
        used_for="IoU as a criterion, average precision.",
    ),
    Reference(
        key="rezatofighi2019giou", kind="inproceedings", year=2019,
        venue=_CVPR,
        authors=(
            "Hamid Rezatofighi", "Nathan Tsoi", "JunYoung Gwak", "Amir Sadeghian", "Ian Reid",
            "Silvio Savarese",
        ),
        title="Generalized Intersection over Union: A Metric and a Loss for Bounding Box Regression",
        address="https://arxiv.org/abs/1902.09630", used_for="GIoU in the first lesson.",
    ),
    Reference(
        key="zheng2020diou", kind="inproceedings", year=2020,
        venue="AAAI Conference on Artificial Intelligence",
        authors=("Zhaohui Zheng", "Ping Wang", "Wei Liu", "Jinze Li", "Rongguang Ye", "Dongwei Ren"),
        title="Distance-IoU Loss: Faster and Better Learning for Bounding Box Regression",
        address="https://arxiv.org/abs/1911.08287", used_for="DIoU and CIoU in the first lesson.",
    ),
    Reference(
        key="bolya2020tide", kind="inproceedings", year=2020,
        venue=_ECCV,
        authors=("Daniel Bolya", "Sean Foley", "James Hays", "Judy Hoffman"),
        title="TIDE: A General Toolbox for Identifying Object Detection Errors",
        address="https://arxiv.org/abs/2008.08115", used_for="The types of mistakes and what each costs.",
    ),
    Reference(
        key="efron1993bootstrap", kind="book", year=1993, venue="Chapman and Hall",
        authors=("Bradley Efron", "Robert J. Tibshirani"), title="An Introduction to the Bootstrap",
        used_for="The intervals around every measured AP.",
    ),
    Reference(
        key="vaswani2017attention", kind="inproceedings", year=2017,
        venue=_NIPS,
        authors=(
            "Ashish Vaswani", "Noam Shazeer", "Niki Parmar", "Jakob Uszkoreit", "Llion Jones",
            "Aidan N. Gomez", "Lukasz Kaiser", "Illia Polosukhin",
        ),
        title="Attention Is All You Need", address="https://arxiv.org/abs/1706.03762",
        used_for="Attention in the lessons.",
    ),
    Reference(
        key="katharopoulos2020linear", kind="inproceedings", year=2020,
        venue="International Conference on Machine Learning (ICML)",
        authors=("Angelos Katharopoulos", "Apoorv Vyas", "Nikolaos Pappas", "Francois Fleuret"),
        title="Transformers are RNNs: Fast Autoregressive Transformers with Linear Attention",
        address="https://arxiv.org/abs/2006.16236", used_for="Linear attention in the lessons.",
    ),
    Reference(
        key="wortsman2022robust", kind="inproceedings", year=2022,
        authors=("Mitchell Wortsman", "Gabriel Ilharco", "Jong Wook Kim", "Mike Li", "Simon Kornblith",
                 "Rebecca Roelofs", "Raphael Gontijo Lopes", "Hannaneh Hajishirzi", "Ali Farhadi",
                 "Hongseok Namkoong", "Ludwig Schmidt"),
        title="Robust Fine-Tuning of Zero-Shot Models", venue=_CVPR,
        address="https://arxiv.org/abs/2109.01903",
        used_for="Averaging the weights from before and after fine-tuning, which limits forgetting.",
    ),
    Reference(
        key="wortsman2022soups", kind="inproceedings", year=2022,
        venue="International Conference on Machine Learning (ICML)",
        authors=("Mitchell Wortsman", "Gabriel Ilharco", "Samir Yitzhak Gadre", "Rebecca Roelofs",
                 "Raphael Gontijo-Lopes", "Ari S. Morcos", "Hongseok Namkoong", "Ali Farhadi", "Yair Carmon",
                 "Simon Kornblith", "Ludwig Schmidt"),
        title="Model Soups: Averaging Weights of Multiple Fine-Tuned Models Improves Accuracy Without "
        "Increasing Inference Time",
        address="https://arxiv.org/abs/2203.05482", used_for="Averaging the weights of several trainings.",
    ),
    Reference(
        key="loshchilov2019adamw", kind="inproceedings", year=2019,
        venue="International Conference on Learning Representations (ICLR)",
        authors=("Ilya Loshchilov", "Frank Hutter"), title="Decoupled Weight Decay Regularization",
        address="https://arxiv.org/abs/1711.05101", used_for="AdamW, the other way to train.",
    ),
)  # fmt: skip

if len({reference.key for reference in REFERENCES}) != len(REFERENCES):
    raise ValueError(f"two references share a key: {sorted(reference.key for reference in REFERENCES)}")
