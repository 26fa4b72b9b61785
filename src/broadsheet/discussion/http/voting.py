"""What readers can say of a comment by one press, and what it folds, as the list draws it."""

from django.utils.translation import gettext

from broadsheet.discussion.comments.shown import ShownComment
from broadsheet.discussion.http.policy import counts_down, fold_below, policy


class Voting:
    """What a publisher chose to let readers say, the same for all comments of a page."""

    def __init__(self) -> None:
        self.up_only = policy().up_only
        self.counts_down = counts_down()
        self.fold_below = fold_below()
        self.useful = gettext("Useful")
        self.not_useful = gettext("Not useful")
        self.folded = gettext("Folded by readers’ votes")

    def form(self, comment: ShownComment, *, permalink: str) -> str:
        down = ""
        if not self.up_only:
            count = f' <b class="num">{comment.down}</b>' if self.counts_down else ""
            down = (
                f'<button name="value" value="-1"><svg><use href="#i-down"/></svg>'
                f"{self.not_useful}{count}</button>"
            )
        return (
            f'<form class="vote" method="post" action="{permalink}vote/"'
            f' data-vote="{comment.number}"><button name="value" value="1">'
            f'<svg><use href="#i-up"/></svg>'
            f'{self.useful} <b class="num">{comment.up}</b></button>{down}</form>'
        )

    def around(self, comment: ShownComment, words: str) -> str:
        """Fold the words of a comment that enough people found not useful; anybody opens them."""
        if self.fold_below is None or comment.score >= self.fold_below:
            return words
        return f'<details class="low"><summary>{self.folded}</summary>{words}</details>'
