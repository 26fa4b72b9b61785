// Marks in the bar as whom the visitor sees the demonstration; the page itself is everybody's.
const buttons = document.querySelectorAll(".demo-bar button");
fetch("/demonstration/", { headers: { Accept: "application/json" } })
  .then((answer) => answer.json())
  .then(({ persona }) => {
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.value === persona));
  })
  .catch(() => {}); // Without it nothing is marked, and every button works.
