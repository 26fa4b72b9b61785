// Marks in the bar as whom the visitor sees the demonstration; the page itself is everybody's.
const buttons = document.querySelectorAll(".demo-bar button");
fetch("/demonstration/", { headers: { Accept: "application/json" } })
  .then((answer) => answer.json())
  .then(({ persona }) => {
    for (const button of buttons) {
      const chosen = button.value === persona;
      button.setAttribute("aria-pressed", String(chosen));
      // On a phone it may be beyond the edge.
      if (chosen) button.form.scrollLeft = button.offsetLeft - (button.form.clientWidth - button.offsetWidth) / 2;
    }
  })
  .catch(() => {}); // Without it nothing is marked, and every button works.
